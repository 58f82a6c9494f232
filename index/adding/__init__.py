"""Files, folders, web pages and feeds -> articles in the user's library folder."""
