"""EventHub: events and meetings of a territorial hub for digital inclusion."""
