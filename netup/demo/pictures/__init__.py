"""Pictures of the demo shop's products, drawn by the project itself."""
