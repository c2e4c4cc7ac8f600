"""What tabs look like: descriptions that both kinds of workbook implement, and the pages that the robot keeps."""
