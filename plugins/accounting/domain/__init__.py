"""The books as a bookkeeper knows them: accounts, entries in money and in fine metal, journals that balance."""
