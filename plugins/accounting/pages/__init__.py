"""The pages of the books: journals, accounts with their ledgers, the trial balance, the nightly proof."""

from plugins.accounting.pages import accounts, journals, parts, proof, trial_balance

__all__ = ["accounts", "journals", "parts", "proof", "trial_balance"]
