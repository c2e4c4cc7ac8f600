"""credentials.json and Kendali, read into settings; everything that is wrong is reported at once."""
