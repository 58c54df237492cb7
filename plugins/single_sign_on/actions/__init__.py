"""An owner says which provider vouches for the shop's people; they go there, and come back."""
