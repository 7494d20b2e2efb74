"""What changes the money that plans cost; everything else of the catalog is kept in the forms of the admin."""
