"""Words that every room speaks. Pure: no tables, no Django, no input or output of its own."""
