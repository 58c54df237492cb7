// Notes need no behaviour of their own; this shows where it would stand.
