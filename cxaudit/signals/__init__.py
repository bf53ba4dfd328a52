"""The five under-estimated signals and the deep signals beside them, one file each."""
