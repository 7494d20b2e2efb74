"""Pages and addresses of products that are opened."""
