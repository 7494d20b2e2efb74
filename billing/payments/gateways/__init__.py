"""Who moves money: one client a gateway, all behind the interface of `base`."""
