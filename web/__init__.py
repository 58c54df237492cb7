"""The toolkit pages are made with: routing, forms, rendering, static files. It names no plugin; it asks the hooks."""
