"""The HTTP edge over the façade, and the proxy in front of a chat model."""
