"""What an inspector sees: taking photos, the work list, inspections, parcels, cases and referrals."""
