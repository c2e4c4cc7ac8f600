"""What tabs look like: the descriptions that both kinds of workbook carry out, and the pages that the robot keeps."""
