"""The rules of the counter, in plain Python: what is paid, sold, given back and promised. No I/O."""
