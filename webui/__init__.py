"""The browser's side: one folder per feature, thin views over engine functions."""
