"""The app's face: everything that knows Streamlit. Pages draw the records of an `Audit` and compute no figure."""
