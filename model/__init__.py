"""What a picture says: arrays in, arrays out. No HTTP, no SQL, no tenant."""
