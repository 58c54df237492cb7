"""Letters: by SMTP, or into a folder where somebody tries the house out."""
