// Comforts of the pages for those who work with the program; each page works without them.
