using System.Collections.Immutable;
using OrleansLb.Api.Cel.Syntax;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>The arithmetic operators. Nothing wraps round: what does not fit is an error.</summary>
internal static class Arithmetic
{
    private static readonly CelError Overflow = new("integer overflow");
    private static readonly CelError UnsignedOverflow = new("unsigned integer overflow");
    private static readonly CelError DivisionByZero = new("division by zero");
    private static readonly CelError ModulusByZero = new("modulus by zero");
    private static readonly CelError DurationOverflow = new("duration overflow");

    public static IEnumerable<Overload> All =>
    [
        .. OfIntegers, .. OfUnsigned, .. OfReals, .. OfTime,
        Binary("+", Text, Text, a => a.Budget.PayText(a.Text(0).Length + a.Text(1).Length) ? new CelString(a.Text(0) + a.Text(1)) : CelValue.NoSuchOverload),
        Binary("+", Bytes, Bytes, a => new CelBytes([.. a.Bytes(0), .. a.Bytes(1)])),
        new("_+_", IsMember: false, [List, List], types => ListOf(types[0].Element ?? Any), a => ListJoin.Join(a.List(0), a.List(1), a.Budget)),
        Overload.Global(OperatorNames.Not, Bool, [Bool], a => CelValue.Of(!a.Bool(0))),
    ];

    private static Overload[] OfIntegers =>
    [
        Binary("+", Int, Int, a => Whole((Int128)a.Int(0) + a.Int(1))),
        Binary("-", Int, Int, a => Whole((Int128)a.Int(0) - a.Int(1))),
        Binary("*", Int, Int, a => Whole((Int128)a.Int(0) * a.Int(1))),
        Binary("/", Int, Int, a => a.Int(1) == 0 ? DivisionByZero : Whole((Int128)a.Int(0) / a.Int(1))),
        Binary("%", Int, Int, a => a.Int(1) == 0 ? ModulusByZero : a.Int(1) == -1 ? new CelInt(0) : new CelInt(a.Int(0) % a.Int(1))),
        Overload.Global(OperatorNames.Negate, Int, [Int], a => Whole(-(Int128)a.Int(0))),
    ];

    private static Overload[] OfUnsigned =>
    [
        Binary("+", Uint, Uint, a => Unsigned((Int128)a.Uint(0) + a.Uint(1))),
        Binary("-", Uint, Uint, a => Unsigned((Int128)a.Uint(0) - a.Uint(1))),
        Binary("*", Uint, Uint, a => Math.BigMul(a.Uint(0), a.Uint(1), out var low) == 0 ? new CelUint(low) : UnsignedOverflow),
        Binary("/", Uint, Uint, a => a.Uint(1) == 0 ? DivisionByZero : new CelUint(a.Uint(0) / a.Uint(1))),
        Binary("%", Uint, Uint, a => a.Uint(1) == 0 ? ModulusByZero : new CelUint(a.Uint(0) % a.Uint(1))),
    ];

    private static Overload[] OfReals =>
    [
        Binary("+", Real, Real, a => new CelDouble(a.Double(0) + a.Double(1))),
        Binary("-", Real, Real, a => new CelDouble(a.Double(0) - a.Double(1))),
        Binary("*", Real, Real, a => new CelDouble(a.Double(0) * a.Double(1))),
        Binary("/", Real, Real, a => new CelDouble(a.Double(0) / a.Double(1))),
        Overload.Global(OperatorNames.Negate, Real, [Real], a => new CelDouble(-a.Double(0))),
    ];

    private static Overload[] OfTime =>
    [
        Overload.Global("_+_", Timestamp, [Timestamp, Duration], a => Moment(a.Moment(0) + a.Span(1))),
        Overload.Global("_+_", Timestamp, [Duration, Timestamp], a => Moment(a.Span(0) + a.Moment(1))),
        Overload.Global("_-_", Timestamp, [Timestamp, Duration], a => Moment(a.Moment(0) - a.Span(1))),
        Overload.Global("_-_", Duration, [Timestamp, Timestamp], a => Span(a.Moment(0) - a.Moment(1))),
        Overload.Global("_+_", Duration, [Duration, Duration], a => Span((Int128)a.Span(0) + a.Span(1))),
        Overload.Global("_-_", Duration, [Duration, Duration], a => Span((Int128)a.Span(0) - a.Span(1))),
        Overload.Global(OperatorNames.Negate, Duration, [Duration], a => Span(-(Int128)a.Span(0))),
    ];

    private static Overload Binary(string symbol, CelType left, CelType right, Func<Arguments, CelValue> body) =>
        Overload.Global(OperatorNames.Of(symbol), left, ImmutableArray.Create(left, right), body);

    private static CelValue Whole(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? new CelInt((long)value) : Overflow;

    private static CelValue Unsigned(Int128 value) => value >= 0 && value <= ulong.MaxValue ? new CelUint((ulong)value) : UnsignedOverflow;

    private static CelValue Moment(Int128 value) => CelTime.InRange(value) ? new CelTimestamp(value) : new CelError("timestamp overflow");

    private static CelValue Span(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? new CelDuration((long)value) : DurationOverflow;
}
