package io.marsad.api.contract;

/** Whose data a route is about. */
public enum Tenancy {
    /** The data of the credential's tenant, and no other's. */
    TENANT,
    /** No tenant's data; no credential is asked for. */
    PUBLIC,
    /** The installation's own data: for credentials of the installation's own tenant. */
    OPERATOR
}
