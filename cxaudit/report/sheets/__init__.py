"""The sheets of the workbook, each a function `write(page: Page) -> None`."""
