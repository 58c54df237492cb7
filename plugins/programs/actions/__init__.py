"""Sign a program in, give it new tokens, sign it out; make a key and revoke it; recognise who comes with one."""
