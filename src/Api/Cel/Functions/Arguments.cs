using System.Collections.Immutable;
using System.Net;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>What a function is called with. The overload has been picked by kind, so each value is of the kind its parameter names.</summary>
internal readonly record struct Arguments(CelValue[] Values, CostBudget Budget)
{
    public int Count => Values.Length;

    public CelValue this[int index] => Values[index];

    public string Text(int index) => ((CelString)Values[index]).Value;

    public long Int(int index) => ((CelInt)Values[index]).Value;

    public ulong Uint(int index) => ((CelUint)Values[index]).Value;

    public double Double(int index) => ((CelDouble)Values[index]).Value;

    public bool Bool(int index) => ((CelBool)Values[index]).Value;

    public ImmutableArray<byte> Bytes(int index) => ((CelBytes)Values[index]).Value;

    public CelList List(int index) => (CelList)Values[index];

    public CelMap Map(int index) => (CelMap)Values[index];

    public Int128 Moment(int index) => ((CelTimestamp)Values[index]).Nanoseconds;

    public long Span(int index) => ((CelDuration)Values[index]).Nanoseconds;

    public CelOptional Optional(int index) => (CelOptional)Values[index];

    public IPAddress Ip(int index) => ((CelIp)Values[index]).Value;

    public CelCidr Cidr(int index) => (CelCidr)Values[index];
}
