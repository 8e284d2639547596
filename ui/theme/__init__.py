"""How everything looks: tokens, and the palette, stylesheet, fonts and icons made from them."""
