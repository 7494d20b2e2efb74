"""Wave (waveapps.com): its invoices stand beside ours, staff approve each, and what was paid there is asked for."""
