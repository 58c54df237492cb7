"""The table of notes."""

from sqlalchemy import Column, Text

from kernel.schema import tenant_table

notes = tenant_table("notes", Column("text", Text, nullable=False))
