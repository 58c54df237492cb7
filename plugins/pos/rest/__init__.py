"""The till for programs: the same forms and actions as its pages. Amounts in answers are minor units."""
