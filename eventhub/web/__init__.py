"""What the blueprints share: errors, forms, transactions, authorisation, headers, filters."""
