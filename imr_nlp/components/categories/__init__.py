"""How sure the category of an item is, and which it is where no rule knows."""
