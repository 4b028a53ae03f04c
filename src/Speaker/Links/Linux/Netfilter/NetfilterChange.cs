namespace OrleansLb.Speaker.Links.Linux.Netfilter;

/// <summary>One change of nf_tables: its kind, NLM_F flags and attributes.</summary>
internal sealed record NetfilterChange(NetfilterType Type, ushort Flags, byte[] Body);
