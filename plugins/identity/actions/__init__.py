"""What people do at the door, and what an owner does with the people of a shop."""
