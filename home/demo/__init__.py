"""The demo world: people, companies, help texts. Each part may run again and changes nothing that is right."""
