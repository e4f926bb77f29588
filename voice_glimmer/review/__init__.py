"""The web page over the journal: made on the server, for a browser in the same house."""
