"""Files that people send and documents that Souto makes."""
