using System.Collections.Immutable;
using System.Net;

namespace OrleansLb.Api.Cel.Values;

/// <summary>A value of the Common Expression Language. An error is a value too: it travels through an expression like any other.</summary>
public abstract record CelValue
{
    private protected CelValue()
    {
    }

    public abstract CelKind Kind { get; }

    internal static CelBool True { get; } = new(true);
    internal static CelBool False { get; } = new(false);
    internal static CelNull Null { get; } = new();
    internal static CelError NoSuchOverload { get; } = new("no such overload");

    internal static CelBool Of(bool value) => value ? True : False;
}

public sealed record CelNull : CelValue
{
    public override CelKind Kind => CelKind.Null;
}

/// <summary>Why there is no value. A final one cannot be absorbed by <c>||</c> and <c>&amp;&amp;</c>: the evaluation has run out of budget.</summary>
public sealed record CelError(string Message, bool IsFinal = false) : CelValue
{
    public override CelKind Kind => CelKind.Error;
}

public sealed record CelBool(bool Value) : CelValue
{
    public override CelKind Kind => CelKind.Bool;
}

public sealed record CelInt(long Value) : CelValue
{
    public override CelKind Kind => CelKind.Int;
}

public sealed record CelUint(ulong Value) : CelValue
{
    public override CelKind Kind => CelKind.Uint;
}

public sealed record CelDouble(double Value) : CelValue
{
    public override CelKind Kind => CelKind.Double;
}

public sealed record CelString(string Value) : CelValue
{
    public override CelKind Kind => CelKind.String;
}

public sealed record CelBytes(ImmutableArray<byte> Value) : CelValue
{
    public override CelKind Kind => CelKind.Bytes;
}

/// <summary>A span of time, to the nanosecond.</summary>
public sealed record CelDuration(long Nanoseconds) : CelValue
{
    public override CelKind Kind => CelKind.Duration;
}

/// <summary>A moment between the years 1 and 9999, in nanoseconds since 1970-01-01T00:00:00Z.</summary>
public sealed record CelTimestamp(Int128 Nanoseconds) : CelValue
{
    public override CelKind Kind => CelKind.Timestamp;
}

public sealed record CelTypeName(string Name) : CelValue
{
    public override CelKind Kind => CelKind.Type;
}

/// <summary>A value that may be absent, as <c>a.?b</c> gives it.</summary>
public sealed record CelOptional(CelValue? Value) : CelValue
{
    public static CelOptional None { get; } = new((CelValue?)null);

    public override CelKind Kind => CelKind.Optional;
}

public sealed record CelIp(IPAddress Value) : CelValue
{
    public override CelKind Kind => CelKind.Ip;
}

/// <summary>An address with a prefix length; bits after the prefix may be set.</summary>
public sealed record CelCidr(IPAddress Address, int Length) : CelValue
{
    public override CelKind Kind => CelKind.Cidr;
}

public sealed record CelUrl(Uri Value, string Text) : CelValue
{
    public override CelKind Kind => CelKind.Url;
}

public sealed record CelQuantity(decimal Value) : CelValue
{
    public override CelKind Kind => CelKind.Quantity;
}

public sealed record CelSemver(long Major, long Minor, long Patch, string PreRelease, string Build) : CelValue
{
    public override CelKind Kind => CelKind.Semver;
}

/// <summary>One of the named string formats of Kubernetes, such as <c>dns1123Label</c>.</summary>
public sealed record CelFormat(string Name) : CelValue
{
    public override CelKind Kind => CelKind.Format;
}
