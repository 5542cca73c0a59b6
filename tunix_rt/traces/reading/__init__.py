"""What the formats share: cutting a text into steps, finding the thinking in it, writing it out."""
