import pytest

from kernel.karats import STAMPED, karat_of
from kernel.metal import Fineness


def test_every_stamp_reads_back_as_its_karat():
    assert {karat: karat_of(stamped) for karat, stamped in STAMPED.items()} == {karat: karat for karat in STAMPED}


@pytest.mark.parametrize(("permille", "karat"), [("916.7", 22), ("916", 22), ("585", 14), ("583.3", 14), ("999.9", 24)])
def test_one_karat_has_several_finenesses(permille, karat):
    assert karat_of(Fineness.permille(permille)) == karat


@pytest.mark.parametrize("permille", ["705", "740", "900", "925"])
def test_a_fineness_without_a_karat_has_none(permille):
    assert karat_of(Fineness.permille(permille)) is None
