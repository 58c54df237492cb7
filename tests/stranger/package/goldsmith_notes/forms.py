"""What is typed into a note."""

from web.forms import Form, Line


class NoteForm(Form):
    text: Line
