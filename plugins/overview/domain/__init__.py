"""What the platform's first page reckons, and when its parts are well."""
