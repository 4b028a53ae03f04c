namespace OrleansLb.Api.Statuses;

/// <summary>
/// Carries an <see cref="ApiError"/> out of a request. An exception and not an outcome, because it must also undo
/// whatever the transaction that it leaves has done so far.
/// </summary>
public sealed class ApiException : Exception
{
    public ApiException(ApiError error) : base(error.Message) => Error = error;

    public ApiError Error { get; }
}
