namespace OrleansLb.Speaker.Links.Linux.Netfilter;

/// <summary>The kinds of nf_tables messages that are used here (<c>enum nf_tables_msg_types</c>).</summary>
internal enum NetfilterType : ushort
{
    NewTable = 0,
    NewChain = 3,
    NewRule = 6,
    NewSet = 9,
    NewElement = 12,
    DeleteElement = 14,
}
