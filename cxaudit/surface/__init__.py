"""What the client's own dashboard shows: satisfaction, replies, calls, tickets, closing, gestures; one family a file."""
