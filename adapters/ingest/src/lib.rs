//! Alerts in: every vendor's format becomes one normalised signal.
