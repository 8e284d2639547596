"""The sheet that takes hosts from "not installed" to "registered": which ones, key, installer, script, waiting."""
