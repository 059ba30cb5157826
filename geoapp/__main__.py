"""`python -m geoapp` is the command line."""

from geoapp.cli import main

if __name__ == "__main__":
    main()
