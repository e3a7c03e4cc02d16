"""The staff's pages of casework."""
