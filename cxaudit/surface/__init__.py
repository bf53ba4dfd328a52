"""What the client's own dashboard shows: satisfaction, replies, calls, tickets, closing, gestures; a family a file."""
