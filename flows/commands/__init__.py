"""The commands of `depesche`, one file each; each imports what it needs only when it runs."""
