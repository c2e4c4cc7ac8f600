"""credentials.json and Kendali, read into settings; all that is wrong is said at once."""
