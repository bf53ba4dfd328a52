"""What the people on the phone and in the tickets know: replies, promises, hand-overs, listening, irritants, remarks."""
