"""Relations: kept, imported, shown a part at a time, edited; and their dossiers."""
